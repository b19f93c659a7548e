# lead-handoff evidence migrate：迁移存储文件时的说明
migrate-progress-file = 存储文件 { $done }/{ $all }
migrate-progress-piece = 上传分块 { $done }/{ $all }
migrate-file = 存储文件 { $id }
migrate-piece = 上传中文件的分块 { $id }
migrate-files = { $n } 个文件
migrate-bytes = { $n } 字节
migrate-or = { $from } 或 { $to }
migrate-told = { $store }：{ $why }
migrate-told-with-cause = { $store }：{ $why }：{ $cause }
migrate-why-full = 证据存储空间已满
migrate-why-away = 无法连接证据存储
migrate-why-no-folder = 目录 { $folder } 不存在
migrate-why-setting = 证据存储的地址应为目录或 s3://bucket/prefix：{ $setting }
migrate-missing = { $object }：{ $from } 和 { $to } 中都没有
migrate-damaged = { $object }：{ $from } 中的内容与登记不一致，{ $to } 中也没有
migrate-arrives-damaged = { $object }：迁到 { $to } 的内容已损坏
migrate-same-place = { $from } 与 { $to } 是同一位置，或者一个在另一个之内
migrate-empty = { $from } 是空的，而其中应有内容（{ $files }）：请确认是否为正确的存储
migrate-held = 本命令的另一次运行正在向 { $to } 迁移证据，请待其结束。被强行终止的运行，{ $seconds } 秒后不再计入
migrate-lost = { $to }：因未收到本次运行的消息，另一次运行已经开始。请待其结束后加 --deep 再次运行：最后迁到的内容尚未读回核对
migrate-brought = 已迁到 { $to }：{ $files }，{ $bytes }。原已存在：{ $there }。
migrate-pieces = 其中上传中文件的分块：{ $pieces }。
migrate-again = 已迁到的内容予以保留。排除问题后再次运行，即从此处继续。
migrate-not-brought = 未能迁移：{ $files }。请保留 { $from } 不作改动；详情可用 `lead-handoff check` 查看。
migrate-switch = 全部内容均已迁到。切换步骤：
migrate-switch-set = 设置 LEAD_HANDOFF_EVIDENCE_URL={ $to }
migrate-switch-fallback = 并设置 LEAD_HANDOFF_EVIDENCE_FALLBACK_URL={ $from }，然后重启各服务。
migrate-switch-again = 再次运行本命令，迁移其间新增的内容。
migrate-switch-end = 去掉 LEAD_HANDOFF_EVIDENCE_FALLBACK_URL，并重启各服务。
migrate-switched = 全部内容均已迁到，证据也已存放于此。如各服务均已按此重启，即可去掉 LEAD_HANDOFF_EVIDENCE_FALLBACK_URL；不再需要 { $from }。
migrate-done = 全部内容均已迁到。
# lead-handoff evidence stamp：补申请时间戳时的说明
stamp-unset = 未设置时间戳服务机构（LEAD_HANDOFF_TIMESTAMP_URL）
stamp-progress = 时间戳 { $done }/{ $all }
stamp-asked = 已补申请时间戳 { $n } 个。
stamp-none = 没有缺少的时间戳：已登记证据的存储文件和封存文件均已申请。
stamp-standing = 累计申请：{ $asked }。等待答复：{ $outstanding }。已停止重试：{ $failed }。
