/** What hints of symptoms are in Simplified Chinese, by their English. */
export const HINTS_ZH: Readonly<Record<string, string>> = {
  'Free some space there.': '请在那里腾出空间。',
  'Give the machine, or the virtual machine of the engine, more memory or swap.':
    '请给机器或引擎所在的虚拟机增加内存或交换空间。',
  'Register one (binfmt), or build for the architecture of this machine.':
    '请注册一个模拟器（binfmt），或为本机的架构构建。',
  'A newer qemu, or a machine of that architecture, gets further.': '更新的 qemu，或该架构的机器，可以继续。',
  'Build on the kind of processor that will run it, or for an older one (GOARM, GOAMD64).':
    '请在将要运行它的那种处理器上构建，或为更旧的处理器构建（GOARM、GOAMD64）。',
  'Set the clock, and try again.': '请校准时钟，然后重试。',
  'Bring the modes back.': '请恢复文件权限。',
  'Check the tree out again without that.': '请关闭该设置后重新检出源码树。',
  'Name the folder as safe, or give it to the user that builds.': '请把该目录设为安全目录，或改为归构建用户所有。',
  'Raise the limit of the engine or of this shell.': '请提高引擎或当前 shell 的上限。',
  'Wait until it is done, and try again.': '请等它结束后重试。',
  'Update the engine, or build on an older suite. The mirror is not to blame.':
    '请升级引擎，或用较旧的套件构建。这不是镜像站的问题。',
  'Update the engine, or build on an older suite.': '请升级引擎，或用较旧的套件构建。',
  'Build through moby-build, or set DOCKER_GITCOMMIT.': '请通过 moby-build 构建，或设置 DOCKER_GITCOMMIT。',
  'Name the architecture of the build with --arch, and an image of that architecture.':
    '请用 --arch 指定构建的架构，并使用该架构的镜像。',
  'The checks before a build say how to install what is missing.': '构建前的检查会说明如何安装缺少的东西。',
  'Run as root, or as a member of the group docker.': '请以 root 运行，或加入 docker 用户组。',
  'Unset DOCKER_API_VERSION, or bring the older of the two up to date.':
    '请取消 DOCKER_API_VERSION，或升级两者中较旧的一个。',
  'Start it, and try again.': '请启动它，然后重试。',
  'Look into its log, and try again: the steps that were done are kept.':
    '请查看它的日志，然后重试：已完成的步骤会保留。',
  'Use that builder, or make one that allows it.': '请使用该构建器，或创建一个允许的构建器。',
  'Put the work dir where it may read (--work-dir), or install another client.':
    '请把工作目录放到它能读取的位置（--work-dir），或安装另一个客户端。',
  'Choose one that does, or none.': '请选择一个存在的，或不指定。',
  'Choose one that does.': '请选择一个存在的。',
  'Look at what it says of itself.': '请查看它自己的说明。',
  'Build through moby-build, which gives it; or allow it on the line of bake.':
    '请通过 moby-build 构建，它会给出许可；或在 bake 的命令行上允许。',
  'Update the engine, or use a newer builder.': '请升级引擎，或使用较新的构建器。',
  'The checks of the machine say how to install it.': '对本机的检查会说明如何安装。',
  'The checks before a build say how to install one.': '构建前的检查会说明如何安装。',
  'Go to the top of the tree.': '请进入源码树的顶层目录。',
  'Put the data of the engine on ext4 or xfs, or use another storage driver.':
    '请把引擎的数据放到 ext4 或 xfs 上，或换一个存储驱动。',
  'Let the frontend be the one that the tree names on its # syntax line.': '请使用源码树在 # syntax 行指定的前端。',
  'Take a whole tree.': '请使用完整的源码树。',
  'Take credsStore or credHelpers out of the configuration of docker, or install the program. Public images need no login.':
    '请从 docker 的配置中去掉 credsStore 或 credHelpers，或安装该程序。公开的镜像不需要登录。',
  'Build an older version of the component, or name a newer Go image.':
    '请构建该组件的较旧版本，或指定较新的 Go 镜像。',
  'Name a newer Go image.': '请指定较新的 Go 镜像。',
  'Build on the suite of the tree, or leave the part out with DOCKER_BUILDTAGS.':
    '请用源码树自己的套件构建，或用 DOCKER_BUILDTAGS 去掉这一部分。',
  'Build on the suite of the tree.': '请用源码树自己的套件构建。',
  'Where the tree is untouched, the Go of the image is too old or too new for it.':
    '如果源码树没有改动，说明镜像中的 Go 对它来说太旧或太新。',
  'Where the tree is untouched, the compiler of the image is too new for it: build on the suite of the tree.':
    '如果源码树没有改动，说明镜像中的编译器对它来说太新：请用源码树自己的套件构建。',
  'The CMake of the image is too old or too new for it.': '镜像中的 CMake 对它来说太旧或太新。',
  'Take the suite of the image.': '请使用镜像所属的套件。',
  'Do not retry, and do not turn the check off. Name another module proxy; if it says the same, the module was altered at its source.':
    '不要重试，也不要关闭检查。请指定另一个模块代理；如果结果相同，说明模块在源头被改动过。',
  'Do not retry. Name another module proxy.': '不要重试。请指定另一个模块代理。',
  'Name another module proxy.': '请指定另一个模块代理。',
  'Remove what the engine keeps, and name another registry.': '请清除引擎保留的内容，并指定另一个镜像仓库。',
  'Take the suite of the image, or hand in a keyring with --apt-keyring.':
    '请使用镜像所属的套件，或用 --apt-keyring 提供密钥环。',
  'Let another mirror be chosen.': '请改选另一个镜像站。',
  'Hand the authority of your network to the build with --ca.': '请用 --ca 把您网络的 CA 证书交给构建。',
  'Name another mirror.': '请指定另一个镜像站。',
  'Wait, log in, or name another mirror.': '请等待、登录，或指定另一个镜像站。',
  'Give it in the proxy variable.': '请在代理变量中给出登录信息。',
  'Put the login into a netrc file.': '请把登录信息写入 netrc 文件。',
  'Ask for the host to be allowed, or name a mirror that the proxy lets through.':
    '请申请放行该主机，或指定代理放行的镜像站。',
  'Write its address with http://; for a registry, name it in insecure-registries of the engine.':
    '请用 http:// 写它的地址；如果是镜像仓库，请把它写入引擎的 insecure-registries。',
  'Name a module proxy.': '请指定一个模块代理。',
  'Let Go ask its checksum database, through a module proxy that passes it on.':
    '请让 Go 通过支持转发的模块代理访问校验和数据库。',
  'Name a mirror that has it, such as one of the archive; or say where this suite alone is (apt:SUITE=URL), or that it is left out (apt:SUITE=none).':
    '请指定有它的镜像站，例如提供归档的镜像站；也可以单独指定这个套件的地址（apt:SUITE=URL），或去掉它（apt:SUITE=none）。',
  'Let this machine fetch the components: it takes the tag or branch that holds the commit, or the whole history, and checks the id. On the server, git config uploadpack.allowAnySHA1InWant true.':
    '请让本机下载组件：它会取包含该提交的标签或分支，或全部历史，并核对提交号。也可以在服务器上设置 git config uploadpack.allowAnySHA1InWant true。',
  'Name a mirror that has the suite, such as one of the archive.': '请指定有该套件的镜像站，例如提供归档的镜像站。',
  'Name another registry, or another image with --image.': '请指定另一个镜像仓库，或用 --image 指定另一个镜像。',
  'Open the address in a browser to see what answers, and name another mirror.':
    '请用浏览器打开该地址看看返回什么，并指定另一个镜像站。',
  'It may have been moved, or the mirror is behind. Let another mirror be chosen.':
    '文件可能已移走，或镜像站落后了。请改选另一个镜像站。',
  'Name another module proxy, or look whether the version exists.': '请指定另一个模块代理，或查看该版本是否存在。',
  'Name a newer Go image, or a module proxy that serves golang.org/toolchain.':
    '请指定较新的 Go 镜像，或提供 golang.org/toolchain 的模块代理。',
  'Try again.': '请重试。',
  'Try again, or name a module proxy, which knows the path without it.':
    '请重试，或指定模块代理，它不需要访问该服务器。',
  'Let a faster mirror be chosen.': '请改选更快的镜像站。',
  'Try again. Where every host does that and this machine reaches them, look at the engine: MTU of its bridge, proxy, DNS, firewall.':
    '请重试。如果所有主机都这样，而本机可以访问它们，请检查引擎：网桥的 MTU、代理、DNS、防火墙。',
  "Look at the engine's DNS: a resolver on 127.0.0.53 of this machine is not one in a container.":
    '请检查引擎的 DNS：本机 127.0.0.53 上的解析服务在容器中不可用。',
  'The name may be wrong, or the name servers there do not know it: an engine has a DNS of its own.':
    '名称可能有误，或那里的域名服务器不知道它：引擎有自己的 DNS 设置。',
  'Let another mirror be chosen, or name the proxy that leads out.': '请改选另一个镜像站，或指定通往外网的代理。',
  'Is the network up there? An IPv6 address on a machine without IPv6 looks like this, too.':
    '那里的网络是否正常？在没有 IPv6 的机器上使用 IPv6 地址也是这种现象。',
  'Try again in an hour, or name another mirror.': '请一小时后重试，或指定另一个镜像站。',
  'Try again. Where every mirror does that, the network of the engine is at fault.':
    '请重试。如果所有镜像站都这样，则是引擎的网络有问题。',
  'An earlier build as root leaves folders that belong to root.': '以前以 root 身份的构建会留下属于 root 的目录。',
  'Try whether it can start any.': '请试试它能否启动任何容器。',
  'Look whether the step before, which installs it, has really done so.': '请查看前面安装它的步骤是否真的成功。',
  'Build through moby-build, which hands the commit over, or take a clone.':
    '请通过 moby-build 构建，它会传入提交；或使用克隆。',
  'Under an emulator this comes and goes: build on a machine of that architecture. Else report it to the program.':
    '在模拟器下时有时无：请在该架构的机器上构建。否则请报告给该程序的开发者。',
  'Name another mirror. If it says the same again, do not use the file.':
    '请指定另一个镜像站。如果结果相同，不要使用该文件。',
  'Look for the download further up.': '请在日志上文中查找该下载。',
  "The engine's own frontend may do, or a mirror of the image.": '可以改用引擎自带的前端，或该镜像的镜像站。',
  'Is the network of the engine up? Then name another registry.':
    '引擎的网络是否正常？如果正常，请指定另一个镜像仓库。',
  'Name another one.': '请另外指定一个。',
  'Look for the failure of apt-get update further up, and let the mirrors be measured again.':
    '请在日志上文中查找 apt-get update 的失败，并重新测量镜像站。',
  'Never turn signatures off. Name another mirror.': '不要关闭签名检查。请指定另一个镜像站。',
  'Read the lines above it.': '请看它上面的几行。',
  'Start it, or correct its address in the proxy variables and in the configuration of the engine.':
    '请启动代理，或更正代理变量和引擎配置中的地址。',
  'Start it; let it listen at an address that containers reach, and name that one in the proxy variables; or build with --network host.':
    '请启动它；让它监听容器能访问的地址，并在代理变量中写该地址；或用 --network host 构建。',
  'Build through the Dockerfile (make binary, or moby-build), not with go build in the tree.':
    '请通过 Dockerfile 构建（make binary 或 moby-build），不要在源码树中直接 go build。',
  'Take a whole tree, and build through its Dockerfile.': '请使用完整的源码树，并通过它的 Dockerfile 构建。',
  'Install the library, build on the release of Debian that the program will run on, or build it static (target binary).':
    '请安装该库，或在程序将要运行的 Debian 版本上构建，或构建静态程序（目标 binary）。',
  'Bring the emulator up to date (binfmt, qemu), build without it (no --emulate), or on a machine of that architecture.':
    '请更新模拟器（binfmt、qemu），或不用模拟器构建（去掉 --emulate），或在该架构的机器上构建。',
  'Build each architecture by itself; moby-build matrix does that for a list.':
    '请逐个架构构建；moby-build matrix 可以对一组架构这样做。',
  'Look with doctor --smoke what of it this machine has; in a container the daemon needs --privileged.':
    '请用 doctor --smoke 查看本机有哪些；在容器中运行守护进程需要 --privileged。',
  'Restart the engine: it makes its bridge anew. --network host does without it.':
    '请重启引擎：它会重新建立网桥。--network host 则不需要网桥。',
  "Give the engine's user a wider range in /etc/subuid and /etc/subgid, and restart the engine.":
    '请在 /etc/subuid 和 /etc/subgid 中为运行引擎的用户设置更大的范围，然后重启引擎。',
  'Give the tree to the user that builds: root may have written into it in an earlier build.':
    '请把源码树的所有权交给执行构建的用户：之前的构建可能以 root 身份写入过文件。',
  'Try again with more memory, or without emulation.': '请增加内存后重试，或不使用模拟。',
  'Build through the Dockerfile (make binary, or moby-build), not with hack/make.sh on the machine itself.':
    '请通过 Dockerfile 构建（make binary 或 moby-build），不要在主机上直接运行 hack/make.sh。',
  'Take a release of the tree that names the package by another path, or let Go ask a module proxy.':
    '请使用以其他路径引用该软件包的版本，或让 Go 向模块代理请求。',
  'Name the same database at its second address, or a module proxy that passes it on. Leave the check on.':
    '请指定同一数据库的第二个地址，或会转发它的模块代理。不要关闭校验。',
};
