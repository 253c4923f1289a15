/** What causes of symptoms are in Simplified Chinese, by their English. Terms as the Chinese documents of Docker, Debian and Go use them. */
export const CAUSES_ZH: Readonly<Record<string, string>> = {
  'The disk where the engine keeps its data is full.': '引擎存放数据的磁盘已满。',
  'The kernel ended the compiler or the linker: memory is short (linking dockerd takes about 2 GB).':
    '内核终止了编译器或链接器：内存不足（链接 dockerd 约需 2 GB）。',
  "A step for another architecture ran, and this machine's kernel has no emulator registered for it.":
    '运行了另一种架构的步骤，而本机内核没有注册该架构的模拟器。',
  'The emulator of the other architecture crashed.': '另一种架构的模拟器崩溃了。',
  'A program was compiled for a newer processor than the one that ran it.':
    '程序是为更新的处理器编译的，运行它的处理器不支持。',
  "apt finds a Release file from the future: the clock of this machine or of the engine's is behind.":
    'apt 发现 Release 文件的日期在将来：本机或引擎所在机器的时钟慢了。',
  "The clock of this machine or of the engine's is wrong.": '本机或引擎所在机器的时钟不对。',
  'A script of the tree may not be executed: its mode was lost, as in an archive or on a file system without modes.':
    '源码树中的脚本没有执行权限：权限丢失了，例如经过压缩包或不支持权限的文件系统。',
  'The scripts of the tree have line ends of Windows: git changed them at checkout (core.autocrlf).':
    '源码树的脚本是 Windows 换行符：git 在检出时改了它们（core.autocrlf）。',
  'git does not read a repository that belongs to another user.': 'git 不读取属于其他用户的仓库。',
  'A process may not open more files.': '进程打开的文件数已到上限。',
  'A step of an earlier build still runs in the engine and holds apt’s cache: one that was killed leaves its steps behind.':
    '更早一次构建的步骤仍在引擎中运行，占着 apt 的缓存：被终止的构建会留下它的步骤。',
  'apt could not check signatures in the container. The usual reason is the engine: before 20.10.10 its seccomp profile stops system calls that newer base images use. A full disk does the same.':
    'apt 无法在容器中检查签名。通常的原因是引擎：20.10.10 之前的 seccomp 配置会拦截较新基础镜像使用的系统调用。磁盘已满也是同样的现象。',
  'The engine stops a system call that this base image uses: its seccomp profile is older than 20.10.10.':
    '引擎拦截了这个基础镜像使用的系统调用：它的 seccomp 配置早于 20.10.10。',
  "The tree's own script has no commit to stamp.": '源码树自己的脚本没有可写入的提交号。',
  'A program of another architecture than its image ran: a tool was fetched for the wrong machine.':
    '运行的程序与镜像的架构不同：下载的工具不是给这种机器的。',
  'This docker client cannot build with BuildKit, or its buildx is missing or too old.':
    '这个 docker 客户端不能用 BuildKit 构建，或缺少 buildx，或 buildx 太旧。',
  'This user may not talk to the engine.': '当前用户无权访问引擎。',
  'The docker client and the engine are too far apart in age, or DOCKER_API_VERSION asks for a version that the engine lacks.':
    'docker 客户端与引擎的版本相差太大，或 DOCKER_API_VERSION 要求的版本引擎没有。',
  'The engine is not there, or went away.': '引擎不在，或中途退出了。',
  'The engine or its builder went away in the middle of the build: it crashed, was restarted, or was killed for memory.':
    '引擎或它的构建器在构建中途退出：崩溃、被重启，或因内存不足被终止。',
  "The builder does not allow --network host; the engine's own builder does.":
    '构建器不允许 --network host；引擎自带的构建器允许。',
  'This docker client is from snap: it reads the home folder only, and in it no folder whose name begins with a dot.':
    '这个 docker 客户端来自 snap：它只能读取主目录，而且不能读取其中以点开头的目录。',
  'The docker context that is named does not exist.': '指定的 docker 上下文不存在。',
  'The builder that is named does not exist.': '指定的构建器不存在。',
  'The builder did not come up.': '构建器没有启动。',
  'bake wants leave to read or write outside of the tree.': 'bake 要求获准读写源码树之外的文件。',
  'The builder is too old for a feature of this build.': '构建器太旧，缺少这次构建需要的功能。',
  'make is not installed.': '没有安装 make。',
  'make finds no docker client on PATH.': 'make 在 PATH 中找不到 docker 客户端。',
  'make was started in a folder that has no such target: it is not the top of a moby tree.':
    'make 所在的目录没有这个目标：它不是 moby 源码树的顶层目录。',
  'The storage driver of the engine cannot work on its file system.': '引擎的存储驱动不能在它的文件系统上工作。',
  'The frontend that reads the Dockerfile does not understand a line of it: it is older than the syntax that the tree uses.':
    '读取 Dockerfile 的前端不认识其中一行：它比源码树使用的语法旧。',
  'The Dockerfile, or a file that it copies, is not in the tree: it was cut away, or .dockerignore hides it.':
    'Dockerfile 本身，或它要复制的文件，不在源码树中：被删掉了，或被 .dockerignore 排除了。',
  'The docker client asks a program for its logins, and that program is not there or fails.':
    'docker 客户端向一个程序要登录信息，而该程序不存在或出错。',
  'A component wants a newer Go than the image of this tree has.': '某个组件需要的 Go 比源码树镜像中的新。',
  'The source uses a package of a newer Go than the image has.': '源码使用了更新的 Go 才有的包，镜像中的 Go 没有。',
  'A header of a C library is not in the image: its development package was not installed, or has moved in this Debian release.':
    '镜像中没有某个 C 库的头文件：没有安装它的开发包，或它在这个 Debian 版本中换了位置。',
  'The linker does not find a library, or another version of it than the source wants.':
    '链接器找不到某个库，或找到的版本不是源码需要的。',
  'The Go compiler refuses a line of the source.': 'Go 编译器拒绝了源码中的一行。',
  'The C compiler refuses a line of the source.': 'C 编译器拒绝了源码中的一行。',
  'CMake refuses to configure a component.': 'CMake 拒绝配置某个组件。',
  'Packages of different Debian releases met: the base image and the sources are not of one suite.':
    '不同 Debian 版本的软件包混在一起：基础镜像与软件源不是同一个套件。',
  'The folder vendor does not fit go.mod or vendor.mod: the tree was changed, or vendor was cut.':
    'vendor 目录与 go.mod 或 vendor.mod 不符：源码树被改过，或 vendor 不完整。',
  'A module is not what the checksum database or go.sum says. Go never passes over that, and neither should you.':
    '模块与校验和数据库或 go.sum 所记录的不同。Go 从不放过这种情况，您也不应放过。',
  'A module came damaged or altered from its module proxy.': '模块代理给出的模块已损坏或被改动。',
  'A part of an image came damaged or altered. The engine keeps what came, and offers it again whoever serves it next.':
    '镜像的一部分已损坏或被改动。引擎会保留收到的内容，以后不论从哪里获取都会再用它。',
  "The suite is signed with a key that the base image's keyring does not have, or no longer trusts: the suite is newer or older than the image.":
    '套件的签名密钥不在基础镜像的密钥环中，或已不受信任：套件比镜像新，或比镜像旧。',
  'The suite is archived and its Release file has run out, or the mirror is far behind; moby-build turns that check off where it puts sources for an archived suite.':
    '套件已归档，Release 文件已过期；或镜像站落后太多。写入归档套件的软件源时，moby-build 会关闭这项有效期检查。',
  'A certificate is not trusted in the build: the network re-signs TLS with an authority of its own, or the CA bundle of the base image is too old.':
    '构建中有证书不受信任：网络用自己的 CA 重新签发了 TLS 证书，或基础镜像的 CA 证书包太旧。',
  'git received objects that are not what their ids say.': 'git 收到的对象与其标识不符。',
  'The registry counts pulls, and this address has had its share.': '镜像仓库限制拉取次数，这个地址已用完配额。',
  'The server counts requests, and this address has had its share.': '服务器限制请求次数，这个地址已用完配额。',
  'The proxy wants a login.': '代理要求登录。',
  'The git mirror wants a login. GitHub and GitLab say this of a repository that does not exist, too.':
    'git 镜像站要求登录。仓库不存在时，GitHub 和 GitLab 也这样回答。',
  'A mirror wants a login, or another one than it was given.': '镜像站要求登录，或给出的登录信息不对。',
  'The mirror refuses this address, this client, or this object: some serve a list of their own only.':
    '镜像站拒绝了这个地址、客户端或对象：有些镜像站只提供自己清单中的内容。',
  'The proxy does not let this host through.': '代理不放行这个主机。',
  'The server speaks plain http, and was asked by https.': '服务器只支持 http，却用 https 访问了它。',
  'GOPROXY or GOFLAGS tells Go not to ask anybody for modules.': 'GOPROXY 或 GOFLAGS 要求 Go 不下载任何模块。',
  'The checksum database is turned off, and go.sum does not have the module.':
    '校验和数据库已关闭，而 go.sum 中没有这个模块。',
  'The Debian suite is not there: old releases move to an archive, and few mirrors carry that.':
    '没有这个 Debian 套件：旧版本会移到归档，而有归档的镜像站很少。',
  'The apt mirror does not have this file: the suite moved to the archive, or the list is older than the mirror.':
    'apt 镜像站没有这个文件：套件已移到归档，或软件包列表比镜像站旧。',
  'The registry does not have this image, or not for this platform.': '镜像仓库没有这个镜像，或没有这个平台的。',
  'The git mirror does not have the commit that the tree pins: it is behind, or cut off.':
    'git 镜像站没有源码树固定的提交：它落后了，或不完整。',
  'The git mirror does not have this repository, or does not show it without a login.':
    'git 镜像站没有这个仓库，或需要登录才能看到。',
  'The git mirror sends to an address that is no git repository.': 'git 镜像站重定向到的地址不是 git 仓库。',
  'The git mirror answered with something that is not git (a login page, an error page, a redirect).':
    'git 镜像站返回的不是 git 数据（登录页、错误页或重定向）。',
  'The git mirror serves files, not the git protocol: a web server without git, or an accelerator that is gone. A commit comes from it with all its history only.':
    'git 镜像站提供的是文件，不是 git 协议：没有 git 的网页服务器，或已停用的加速站。从那里取一个提交，只能连同它的全部历史。',
  'The git server hands out what a tag or a branch names, and no commit by its id (protocol 0 without uploadpack.allowAnySHA1InWant, or plain files over HTTP).':
    'git 服务器只提供标签或分支指向的内容，不能按提交号取得提交（协议 0 且没有 uploadpack.allowAnySHA1InWant，或通过 HTTP 提供普通文件）。',
  'The answer is a page for people: a login portal, an error page, or a parked domain.':
    '返回的是给人看的网页：登录门户、错误页，或闲置的域名。',
  'The mirror does not have this file.': '镜像站没有这个文件。',
  'The module proxy does not have this version of a module.': '模块代理没有模块的这个版本。',
  'The mirror sends from one address to the next without end.': '镜像站不停地重定向。',
  'The source wants a newer Go, and the module proxy does not have that one.':
    '源码需要更新的 Go，而模块代理没有那个版本。',
  'The mirror, or a gateway before it, failed for a moment.': '镜像站或它前面的网关暂时出错。',
  'The server behind an import path of Go failed for a moment. Go asks it itself where no module proxy is used.':
    'Go 导入路径背后的服务器暂时出错。不用模块代理时，Go 会直接访问它。',
  'The proxy could not reach the host, or failed for a moment.': '代理连不上目标主机，或暂时出错。',
  'A server sends so slowly that the transfer was given up.': '服务器传输太慢，下载被放弃。',
  'The connection stood, and TLS got no answer. Where other hosts are silent too, large packets are lost on the way: the MTU of the bridge of the engine is larger than that of the route.':
    '连接已建立，但 TLS 没有回应。如果其他主机也没有回应，说明大的数据包在途中丢失：引擎网桥的 MTU 大于线路的 MTU。',
  'A host does not answer in time from where the build runs.': '从构建所在的位置访问，主机没有按时回应。',
  'No name server answers where the build runs.': '在构建所在的位置，没有域名服务器回应。',
  "A host's name does not resolve where the build runs.": '在构建所在的位置，主机名无法解析。',
  'Nobody takes the connection: the host is down, or a firewall stops it.':
    '连接无人接受：主机已停机，或被防火墙拦截。',
  'There is no way to the host from where the build runs.': '从构建所在的位置没有到该主机的路由。',
  'The apt mirror was being updated, or a proxy altered what it served.': 'apt 镜像站正在更新，或代理改动了内容。',
  'A connection broke off: the mirror, a proxy, or a firewall on the way cut it.':
    '连接中断：被镜像站、代理或途中的防火墙切断。',
  'The proxy took the connection and cut it.': '代理接受了连接，又切断了它。',
  'An image could not be had whole from its registry: the connection broke off.':
    '无法从镜像仓库完整取得镜像：连接中断。',
  'A git transfer broke off on the way.': 'git 传输中途断开。',
  'A folder of the build may not be written by this user.': '当前用户不能写入构建的某个目录。',
  'A step was killed. Mostly the kernel did it, for memory was short.': '有步骤被终止。多半是内核因内存不足而终止的。',
  'The engine could not start a container for a step.': '引擎无法为步骤启动容器。',
  'A program that a step calls is not in the image.': '步骤调用的程序不在镜像中。',
  'A script asks git for the commit, and the tree is no clone.': '脚本向 git 查询提交，而源码树不是克隆。',
  'A program of the build crashed.': '构建中有程序崩溃。',
  'A file that a step downloaded is not what its checksum or its signature says.': '步骤下载的文件与校验和或签名不符。',
  'A download is not the archive that was asked for: it was cut, or a page came in its place.':
    '下载到的不是所要的压缩包：不完整，或被网页取代。',
  'The source wants a package that its list of modules does not name: the tree is not whole, or vendor was cut.':
    '源码需要的包不在模块列表中：源码树不完整，或 vendor 不完整。',
  'git could not take what it received.': 'git 无法处理收到的内容。',
  'The image that the `# syntax` line names could not be had.': '无法取得 `# syntax` 行指定的镜像。',
  'An image could not be had from its registry, or not whole.': '无法从镜像仓库取得镜像，或取得的不完整。',
  'Go could not load a module from its module proxy.': 'Go 无法从模块代理下载模块。',
  'apt has no list with this package: an unreachable mirror shows only like this, for apt-get update ends well without it.':
    'apt 的列表中没有这个软件包：镜像站无法访问时只有这一种表现，因为 apt-get update 仍会成功结束。',
  'apt has no signed list of this suite. Mostly the line before says why: the file did not come, or its signature could not be checked.':
    'apt 没有这个套件的签名列表。原因多半写在前一行：文件没有取到，或无法检查签名。',
  'Something before it failed.': '在它之前已有别的失败。',
  'The proxy that is named does not take the connection: it does not run, or its address is 127.0.0.1 and the engine is elsewhere.':
    '指定的代理不接受连接：它没有运行，或地址是 127.0.0.1 而引擎在别处。',
  'Nobody takes the connection at a loopback address: the proxy or the server there does not run, or a container asks, for which 127.0.0.1 is itself.':
    '回环地址上没有程序接受连接：那里的代理或服务器没有运行，或请求来自容器，而容器中的 127.0.0.1 是容器自己。',
  'Go looks for a go.mod, which moby does not have: its source is compiled with GO111MODULE=off, below GOPATH, as its own Dockerfile does.':
    'Go 在找 go.mod，而 moby 没有：它的源码要在 GOPATH 下用 GO111MODULE=off 编译，它自己的 Dockerfile 就是这样做的。',
  'Go does not find a package in vendor or below GOPATH: vendor was cut, or the tree does not lie where its import path says.':
    'Go 在 vendor 和 GOPATH 中都找不到某个包：vendor 不完整，或源码树不在导入路径所说的位置。',
  'A program is linked with a library that this machine or this image does not have.':
    '程序链接的库在本机或该镜像中不存在。',
  'A program crashed while a package was set up. Under an emulator that is its fault, not the package’s.':
    '配置软件包时有程序崩溃。如果是在模拟器下，原因是模拟器，而不是软件包。',
  'Several architectures were asked of one build, which this builder or the way out of it cannot do.':
    '一次构建要求了多种架构，而这个构建器或它的输出方式做不到。',
  'A daemon could not set up its network: iptables is missing, may not be used here, or the kernel lacks its tables.':
    '守护进程无法设置网络：缺少 iptables，或此处不允许使用，或内核没有相应的表。',
  'The engine could not give a step a network: its bridge is gone, or the kernel lacks what it needs (veth, bridge).':
    '引擎无法为步骤提供网络：网桥不见了，或内核缺少所需的功能（veth、bridge）。',
  'The engine runs in a user namespace that has too few ids for the files of an image.':
    '引擎运行在用户命名空间中，其 ID 数量不够镜像中的文件使用。',
  'The docker client may not read a file of the tree, which it sends to the builder.':
    'docker 客户端无权读取源码树中的某个文件，而它要把该文件发送给构建器。',
  'The compiler itself crashed: memory is short or faulty, or the emulator of another architecture has a fault.':
    '编译器自身崩溃：内存不足或有故障，或其他架构的模拟器有缺陷。',
  'hack/make.sh ran outside the container that the Dockerfile makes for it.':
    'hack/make.sh 在 Dockerfile 为它准备的容器之外运行。',
  'The host of a Go import path does not say where its repository is: it has given up, or something else answers.':
    'Go 导入路径所在的主机没有给出代码仓库的位置：它已停用，或由别的程序应答。',
  'Go asks its checksum database itself, for no module proxy passes it on, and does not reach it from where the build runs.':
    '没有模块代理转发校验和数据库，因此 Go 直接访问它，而从构建所在之处无法访问。',
};
