# 命令行帮助
help-cli-demo = 在独立目录中载入 2016 年示例数据并启动服务
help-cli-serve = 运行系统及其后台任务
help-cli-lead = 批量处理线索
help-cli-report = 某一年度的治理年报
help-cli-user = 在本机管理账号
help-cli-token = 在本机管理 API 令牌
help-cli-verify = 离线核验已封存的卷宗包
help-cli-key = 用于封存和日志检查点签名的密钥，以及加密其他全部密钥的主密钥
help-cli-evidence = 证据的存放位置
help-cli-agency = 从文件导入单位
help-cli-region = 从文件导入行政区划
help-cli-calendar = 从文件导入工作日
help-cli-backup = 在服务运行期间把主密钥以外的全部内容写入一个目录
help-cli-restore = 把备份恢复到空的安装环境
help-cli-check = 重新计算全部文件的校验值，并检查审计日志、引用关系和计数
help-cli-generate = 生成合成线索及其后续数据，用于压力测试
help-cli-lead-import = 从文件导入线索，全部导入或全部不导入
help-cli-arg-data = 数据目录
help-cli-arg-database-url = 数据库地址（默认：数据目录中的 SQLite）
help-cli-arg-base-url = 对外访问地址
help-cli-arg-evidence-url = 证据的存放位置：`s3://bucket/prefix`（默认：数据目录中的文件夹）
help-cli-arg-master-key = 加密其他全部密钥的主密钥：`file:…`、`env:…` 或 `command:…`
help-cli-arg-smtp-url = 邮件服务器；写在此处的密码可能被本机其他用户看到
help-cli-arg-mail-from = 发件人
help-cli-arg-time-zone = 显示时间和年度统计所用的时区
help-cli-arg-organisation = 函件上的发文单位
help-cli-arg-log = 记入运行日志的内容：`warn`、`lead_handoff=debug` 等，写法同 `RUST_LOG`
help-cli-arg-log-format = 运行日志的格式：`text` 或 `json`
help-cli-demo-data = 演示数据目录（默认：./demo-data）
help-cli-demo-database-url = 数据库地址（默认：数据目录中的 SQLite），须为空库
help-cli-arg-listen = 监听的地址和端口
help-cli-demo-reset = 重建目录（保留设置）；数据库属于演示的，一并清空
help-cli-demo-no-serve = 载入示例数据后结束
help-cli-lead-import-file = JSONL、CSV 或 XLSX 文件
help-cli-lead-import-owner = 线索归属的编制人账号（默认：最早的编制人账号）
help-cli-lead-import-again = 再次导入此前已导入的文件
help-cli-report-year = 年度
help-cli-report-as-at = 按台账在此时的记录出具（默认：当前）：2026-01-31（当日结束时）或 2026-01-31T18:00，均按所设时区，也可用 RFC 3339 格式
help-cli-report-lang = CSV、XLSX 和 PDF 的语言：zh 或 en
help-cli-report-output = 写入文件，不输出到标准输出
help-cli-user-add = 新建账号并生成一次性登录密码，密码单独输出在最后一行
help-cli-user-list = 列出账号：用户名、角色、状态、姓名
help-cli-user-disable = 停用账号，其登录和令牌随即失效
help-cli-user-reset-password = 重设一次性登录密码，密码单独输出在最后一行
help-cli-user-reset-second-factor = 为丢失验证设备的用户解除二次验证
help-cli-arg-username = 账号的用户名，可省略 `--username`
help-cli-user-add-roles = 角色：compiler、approver、manager、admin、auditor 或 liaison，可重复
help-cli-user-add-agency = 单位代码，用于联络员
help-cli-user-add-language = 语言：zh-CN 或 en
help-cli-token-create = 为已设置二次验证的账号生成令牌，仅显示一次，单独输出在最后一行
help-cli-token-create-user = 令牌所代表的账号
help-cli-token-create-scopes = 权限：read 或 write，可重复
help-cli-token-create-name = 在账号令牌列表中的名称
help-cli-token-create-days = 有效天数；不填则至撤销为止
help-cli-verify-file = 卷宗包文件
help-cli-verify-json = 输出一个 JSON 对象，不输出文本
help-cli-verify-report = 把核验结论写成可供签字的文书（PDF）；该文件须尚不存在
help-cli-verify-public-key = 移送单位公钥文件（name+id+base64，即 `lead-handoff key show` 的输出；也可为 PEM），代替设置中信任的公钥。卷宗包载有公钥更替声明的，也可使用更早的公钥
help-cli-verify-timestamp-ca = 时间戳服务机构须能追溯到的根证书文件（PEM），代替设置中的文件
help-cli-verify-witness = 移送单位审计日志见证方的公钥（name+id+base64，即见证方 `lead-handoff key witness` 的输出），可重复；结论中说明哪些见证方于何时联署了日志检查点
help-cli-verify-receipt = 卷宗包的签收回执（receipt.json），用同一公钥与卷宗包核对
help-cli-verify-receipt-signature = 回执的签名文件；默认为回执旁扩展名为 .sig 的文件
help-cli-verify-receipt-key = 已知的签收人通行密钥：公钥文件（PEM），或者其指纹（64 位十六进制）
help-cli-verify-approver-key = 已知的审核人通行密钥：公钥文件（PEM），或者其指纹（64 位十六进制）。不指定时只说明批准所用通行密钥的指纹，其归属未经认证
help-cli-verify-sha256-only = 只按 SHA-256 核验各文件，速度快数倍。任何字节的改动仍能发现；证据清单所载 SM3 值不重新计算，核验结论中予以说明
help-cli-verify-note-1 = 退出码：0，卷宗包完整且由您提供的或设置中信任的公钥签名；1，与封存时不一致，或未能核实签名；2，无法作出结论：卷宗包、公钥或回执无法读取，或者报告未能写成（如目录不存在、磁盘已满；此时核验结论仍照常输出，但已有同名文件的不作核验）。使用 --receipt 时，两者均得到证明才为 0。
help-cli-verify-lang = zh 或 en；默认按系统区域设置（LC_ALL、LC_MESSAGES、LANG），否则为 en
help-cli-key-show = 输出公钥，供 `verify --public-key` 使用；更换过密钥的，其后由近及远列出以前的公钥，以便识别较早的卷宗包
help-cli-key-show-pem = 以 PEM 格式输出，供其他程序使用
help-cli-key-show-all = 一并由远及近输出以前的公钥，并附前一密钥为后一密钥作出的签名声明
help-cli-key-rotate = 生成由旧密钥签名的新密钥，完成后请重启各服务
help-cli-key-witness = 输出本程序作为见证方联署其他日志检查点所用的公钥，供对方设置（LEAD_HANDOFF_WITNESSES）和 `verify --witness` 使用；尚无密钥的即生成。恢复备份后，该密钥会更换
help-cli-key-make = 在尚不存在的文件中生成主密钥；执行 `key rewrap` 之前不会用它加密任何内容
help-cli-key-make-file = 密钥文件，仅限其所有者读取
help-cli-key-rewrap = 在服务运行期间更换主密钥：原主密钥所加密的内容改由新主密钥加密，不改动已存文件。中断后再次运行即可继续
help-cli-key-rewrap-new = 新主密钥：`file:…`、`env:…` 或 `command:…`（默认：LEAD_HANDOFF_MASTER_KEY，原主密钥为 LEAD_HANDOFF_MASTER_KEY_PREVIOUS）
help-cli-evidence-migrate = 在服务运行期间把全部已存文件从一个存储复制到另一个存储，原存储不作删除
help-cli-evidence-migrate-from = 原存储
help-cli-evidence-migrate-to = 目标存储
help-cli-evidence-migrate-deep = 对目标存储中原有的文件也读取、解密并比对
help-cli-evidence-stamp = 为设置时间戳服务机构之前已有的文件和封存文件申请时间戳
help-cli-agency-import = 按代码新增和更改单位；文件中没有的列保持不变
help-cli-region-import = 新增行政区划及其新名称；新名称生效前仍用原名称，已有记录不会被覆盖
help-cli-calendar-import = 导入国务院发布的某年放假安排：替换该年度，并把相邻年度的日期补入已有内容。等待该安排的期限将重新计算
help-cli-calendar-import-year = 放假安排的年度（默认：文件中日期最多的年度）
help-cli-calendar-import-force = 工作日数明显异常时也写入该年度
help-cli-arg-file = CSV 文件，UTF-8 或 GB 18030 编码
help-cli-arg-dry-run = 只检查，不写入
help-cli-backup-folder = 空目录或尚不存在的目录
help-cli-restore-folder = 由 `backup` 写入的目录
help-cli-check-tidy = 没有其他问题时，清除中断的上传在证据存储中留下的内容
help-cli-generate-leads = 线索数量
help-cli-generate-seed = 生成数据所用的种子
help-cli-generate-yes-mix-with-real-data = 与真实数据混合生成，并计入治理年报；请先备份
help-cli-arg-help = 显示帮助
help-cli-arg-version = 显示版本
help-cli-help = 显示本帮助或指定命令的帮助
help-cli-lead-help = 显示本帮助或指定命令的帮助
help-cli-user-help = 显示本帮助或指定命令的帮助
help-cli-token-help = 显示本帮助或指定命令的帮助
help-cli-key-help = 显示本帮助或指定命令的帮助
help-cli-evidence-help = 显示本帮助或指定命令的帮助
help-cli-agency-help = 显示本帮助或指定命令的帮助
help-cli-region-help = 显示本帮助或指定命令的帮助
help-cli-calendar-help = 显示本帮助或指定命令的帮助
help-cli-word-usage = 用法：
help-cli-word-commands = 命令：
help-cli-word-arguments = 参数：
help-cli-word-options = 选项：
help-cli-word-settings = 设置：
help-cli-word-example = 示例：
help-cli-word-default = { "[" }默认值：
help-cli-word-values = { "[" }可选值：
help-cli-agency-import-help = 显示帮助（--help 查看更多）
help-cli-word-columns = 列：

# What stands below the options
help-cli-key-rotate-note-1 = 更换主密钥期间，运行中的各服务须先持有新主密钥（LEAD_HANDOFF_MASTER_KEY_PREVIOUS），否则拒绝执行，不作任何更改。
help-cli-key-rewrap-note-1 =
    更换主密钥的步骤：
      1. 生成新主密钥：lead-handoff key make /etc/lead-handoff/master-2017.key
      2. 把 LEAD_HANDOFF_MASTER_KEY 设为新主密钥（file:/etc/lead-handoff/master-2017.key），LEAD_HANDOFF_MASTER_KEY_PREVIOUS 设为原来的值，重启各服务。有多个服务的，先把新主密钥逐一设为各服务的 LEAD_HANDOFF_MASTER_KEY_PREVIOUS，以免有服务无法解密。
      3. lead-handoff key rewrap
      4. 去掉 LEAD_HANDOFF_MASTER_KEY_PREVIOUS 并重启。用旧主密钥制作的备份仍在时，须保留旧主密钥。
help-cli-evidence-migrate-note-1 = FROM 和 TO 均可为目录、file:///… 或 s3://bucket/prefix；存储桶用 AWS_… 变量打开。每个文件从 TO 读回、解密，并与登记的 SHA-256、SM3 和大小比对。尚在上传的文件已到达的部分一并迁移。同一存储桶同时只进行一项迁移。中断后再次运行即可继续：TO 中已有的内容将跳过。
help-cli-evidence-migrate-note-2 =
    切换步骤：
      1. 运行本命令直至完成，各服务照常运行。
      2. 把 LEAD_HANDOFF_EVIDENCE_URL 设为 TO，LEAD_HANDOFF_EVIDENCE_FALLBACK_URL 设为 FROM，重启各服务：TO 中尚无的内容从 FROM 读取。
      3. 再运行一次，迁移其间新增的内容。
      4. 去掉 LEAD_HANDOFF_EVIDENCE_FALLBACK_URL 并重启。
help-cli-evidence-migrate-note-3 = 退出码：0 表示全部内容已在 TO；1 表示有内容未迁移（逐一列出文件，或说明中断原因）；2 表示无法开始。
help-cli-evidence-stamp-note-1 = 每个文件和封存文件向 LEAD_HANDOFF_TIMESTAMP_URL 中的每个时间戳服务机构各申请一次；已申请的将跳过，因此命令可以中断后再次运行。时间戳由运行中的服务申请，每五秒一个。
help-cli-evidence-stamp-note-2 = 退出码：0 表示完成；2 表示无法执行。
help-cli-agency-import-note-2 = 对已有单位，文件中没有的列和空单元格保持原值。
help-cli-calendar-import-note-1 = 列：date，kind（holiday：放假的周一至周五；workday：上班的周六或周日），name
help-cli-lead-import-note-1 = JSONL 文件每行一个对象，格式同 POST /api/v1/leads。CSV 文件或工作表的第一行为字段名：title, summary, region, charges, brands, occurred_from, occurred_to, value, qualifier, basis, source, sender_role, subjects[0].kind, sites[0].address … 多个罪名或品牌用分号分隔。
help-cli-report-note-1 =
    不带 --as-at 时，数字为当前数字，报告中的“截至”为最后一次更改任一数字的时间：数字不变，出具的报告即相同。
    --as-at 按当时已有的记录出具，而不是按当时已发生的事项。演示数据发生于 2016 年，在载入时才记录：须如上例使用载入之后的时间。早于载入的时间（如 2016-12-31）没有任何记录，各项数字均为 0。
help-cli-backup-note-1 =
    备份不含主密钥，须另行保存；没有主密钥，备份无法读取。
    使用 PostgreSQL 时须有 pg_dump 程序。
help-cli-restore-note-1 = 数据目录中只能有 lead-handoff.toml 和备份的主密钥（master.key，LEAD_HANDOFF_MASTER_KEY 另有指定的除外）。使用 PostgreSQL 时须有 pg_restore 程序。
help-cli-check-note-1 = 退出码：0 表示一切正常；1 表示有问题，逐一列出；2 表示无法检查。
help-cli-generate-note-1 = 生成 2019 至 2025 年的线索及其涉案主体、地点、商品链接、证据、卷宗、审核、移送、案件和战果。每条记录均标为合成数据，不发送邮件。
help-cli-generate-note-2 = --seed 和 --leads 相同，生成的数据即相同：标识、文本、日期、状态、关联和金额。目录自身的内容不同：账号、单位、密钥及其签名、审计日志条目；线索、移送和卷宗的编号接续目录中已有的编号。
help-cli-generate-note-3 = 证据为全部线索共用的少量文件。卷宗有校验值、审核和封存，但没有文书；其卷宗包是同一个空压缩包，`verify` 不予通过。
help-cli-generate-note-4 = 尚无账号的目录将成为演示目录：建立单位和各角色账号，并输出密码。演示目录可继续添加。其他目录拒绝执行，以免这些线索计入其治理年报。
help-cli-about = 线索移送：把平台治理团队编制的线索卷宗移送公安机关和行政执法机关，并附可核验的证明

# 命令行有误
cli-fault-unknown-argument = 错误：没有“{ $name }”这个参数。
cli-fault-unknown-command = 错误：没有“{ $name }”这个命令。
cli-fault-missing-argument = 错误：缺少必须给出的参数：{ $name }
cli-fault-missing-value = 错误：“{ $name }”须给出值。
cli-fault-invalid-value = 错误：“{ $value }”不能作为“{ $name }”的值。
cli-fault-not-a-number = 错误：“{ $name }”的值应为整数，不能是“{ $value }”。
cli-fault-conflict = 错误：“{ $name }”不能与“{ $other }”同时使用。
cli-fault-twice = 错误：“{ $name }”只能给出一次。
cli-fault-values = 可选值：{ $known }
cli-fault-suggested = 提示：您要输入的可能是“{ $known }”。
cli-fault-help = 查看说明请使用 --help。
