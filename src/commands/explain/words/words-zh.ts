import type { ExplainWords } from './words-en.ts';

/** The words around causes and pages of codes in Simplified Chinese. */
export const EXPLAIN_ZH: ExplainWords = {
  noFailure: '日志中没有失败。',
  possible: '（可能）',
  colon: '：',
  comma: '，',
  inStage: '阶段 {stage}',
  inStep: '步骤 {step}',
  asked: '访问的主机：{host}',
  askedMirror: '访问的主机：{host}（镜像站 {mirror}）',
  next: '下一步：',
  more: '关于某个代码的更多信息：moby-build explain {code}',
  example: '示例：',
  'kind.symptom': '（其他程序的消息）',
  'kind.error': '（moby-build 的错误）',
  'kind.note': '（moby-build 的提示）',
  'kind.check': '（moby-build 的检查）',
  tool: '输出者',
  fault: '含义',
  exitCode: '退出码',
  source: '原文出自',
  'fault.transport': '传输失败',
  'fault.refused': '被拒绝',
  'fault.not-there': '不存在',
  'fault.tampered': '内容不可信',
  'fault.local': '本机问题',
};
