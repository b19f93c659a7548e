# lead-handoff verify --receipt：对签收回执的核验结论

verify-receipt-unreadable = 回执文件 { $file } 无法读取，或大小超出回执应有的范围
verify-receipt-proved-code = 回执真实：{ $agency }于 { $time }（{ $zone }）签收本卷宗包，签收人{ $name }（账号 { $account }）。签署方式为密码加验证码（或者恢复代码，核对于 { $shown }），效力较弱：由{ $issuer }的服务器代为签署，签收人本人没有签名。
verify-receipt-proved-password = 回执真实：{ $agency }于 { $time }（{ $zone }）签收本卷宗包，签收人{ $name }（账号 { $account }）。签署方式仅为密码，未经二次验证，效力较弱：由{ $issuer }的服务器代为签署，签收人本人没有签名。
verify-receipt-proved-scan = 回执真实：{ $agency }以纸质回执签收本卷宗包，由{ $name }于 { $time }（{ $zone }）对照扫描件登记，扫描件 SHA-256 为 { $scan }。以上由{ $issuer }的服务器签名作证，纸质回执的内容以该扫描件为准。
verify-receipt-proved-other = 回执真实：{ $agency }于 { $time }（{ $zone }）签收本卷宗包。以上由{ $issuer }的服务器签名作证；签收人的身份核验方式（{ $strength }）本版本不能识别，请使用新版程序。
verify-receipt-package-not-authentic = 回执本身真实，但卷宗包未获证实，因此不能证明所签收的就是本卷宗包。
verify-receipt-not-authenticated = 回执未经认证：没有给出对其签名的受信任公钥，不能确认由何方出具。请用 --public-key 给出移送单位的公钥，公钥须从本回执以外的途径取得。
verify-receipt-faulty = 回执核验不通过，不能证明卷宗包已被签收：共 { $n } 处不符，列于下文。
verify-receipt-unproven = 回执自述的内容未经证实。
verify-receipt-fault-json = receipt.json：内容格式错误，不能作为回执读取
verify-receipt-fault-schema = receipt.json：格式为 { $found }，本程序只识别 { $expected }，请使用新版程序
verify-receipt-fault-form = receipt.json：不是此类文件应有的唯一形式
verify-receipt-fault-signature = receipt.sig：回执签名无效，回执已被改动，或该签名不属于本回执
verify-receipt-fault-other-key = receipt.sig：签名公钥为 { $found }，不是受信任的公钥（{ $expected }）
verify-receipt-fault-fingerprint = receipt.json：所载公钥指纹为 { $found }，实际签名的公钥为 { $expected }
verify-receipt-fault-package = 卷宗包自述内容不足，无法与回执核对
verify-receipt-fault-seal = receipt.json：属于另一个卷宗包（封存文件 { $found }，本包为 { $expected }）
verify-receipt-fault-manifest = receipt.json：属于另一个卷宗包（清单 { $found }，本包为 { $expected }）
verify-receipt-fault-facts = receipt.json：所载为 { $found }，本包为 { $expected }
verify-receipt-fault-order-received = receipt.json：时间次序不成立，签收或者登记（{ $found }）早于移送（{ $expected }）
verify-receipt-fault-order-sent = receipt.json：时间次序不成立，签名内容的出示（{ $found }）早于移送（{ $expected }）
verify-receipt-fault-order-signed = receipt.json：时间次序不成立，服务器附签（{ $found }）早于签名内容的出示（{ $expected }）
