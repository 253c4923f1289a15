/** The words around causes and pages of codes in English. `{name}` is a hole; another language has the same keys and holes. */
export const EXPLAIN_EN = {
  noFailure: 'The log shows no failure.',
  possible: ' (possible)',
  colon: ': ',
  comma: ', ',
  inStage: 'in stage {stage}',
  inStep: 'in step {step}',
  asked: 'asked: {host}',
  askedMirror: 'asked: {host} (mirror {mirror})',
  next: 'next: ',
  more: 'More on a code: moby-build explain {code}',
  example: 'Example:',
  'kind.symptom': ' (a message of another program)',
  'kind.error': ' (an error of moby-build)',
  'kind.note': ' (a note of moby-build)',
  'kind.check': ' (a check of moby-build)',
  tool: 'printed by',
  fault: 'meaning',
  exitCode: 'exit code',
  source: 'wording from',
  'fault.transport': 'transport',
  'fault.refused': 'refused',
  'fault.not-there': 'not-there',
  'fault.tampered': 'tampered',
  'fault.local': 'local',
} as const;

export type ExplainWords = Readonly<Record<keyof typeof EXPLAIN_EN, string>>;
