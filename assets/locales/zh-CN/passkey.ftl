# 通行密钥

passkeys-title = 通行密钥
passkeys-text = 通行密钥保存在您的电脑、手机或者安全密钥中，不会离开设备。联络员签收卷宗时由它在回执上签名，证明签收人就是您本人；登录仍用密码和验证码。
passkeys-none = 尚未登记通行密钥
passkeys-none-text = 没有通行密钥也可以签收，但回执由平台凭口令和动态码代为签署，效力较弱。
passkey-fingerprint = 指纹
passkey-fingerprint-hint = 请通过电话等其他途径把指纹告知平台，供日后核验回执时比对。指纹是公钥（DER）的 SHA-256，可用 openssl pkey -pubin -outform DER 加 sha256sum 计算。
passkey-remove = 移除
passkey-new = 登记通行密钥
passkey-new-hint = 点击后浏览器会请您选择设备，并以指纹、面容或者设备密码确认是您本人。
passkey-name-hint = 写明在哪台设备上，便于日后辨认，例如“办公电脑”。
passkey-make = 登记
passkey-failed = 通行密钥没有完成操作：可能已取消、超时，或者本设备没有登记过的通行密钥。请重试。
error-passkey-missing = 没有收到通行密钥：登记须在支持通行密钥的浏览器中启用脚本。
conflict-passkey-address = 在本系统现用的网址上浏览器不支持通行密钥：网址须为域名并使用 https。请联系管理员。
conflict-passkey-old = 签名请求已过期或者已被使用，或者卷宗情况已有变化。请刷新页面后重试。
conflict-passkey-unverified = 设备没有确认操作人是您本人。请设置设备的指纹、面容或者密码后重试。
conflict-passkey-refused = 通行密钥的签名未通过核验，未办理。请刷新页面后重试。
conflict-passkey-known = 该通行密钥已经登记过。
conflict-passkey-many = 登记的通行密钥已达上限，请先移除不用的。
conflict-passkey-unknown = 该通行密钥不在您登记的通行密钥之中，未办理。
conflict-passkey-copied = 该通行密钥的计数与上次不符，可能被复制。未办理；请移除后重新登记，并告知管理员。
conflict-passkey-none = 没有可用于签名的通行密钥，或者该卷宗没有封存记录。
flash-passkey-added = 通行密钥已登记。请核对指纹，并告知平台。
flash-passkey-removed = 通行密钥已移除；此前签署的回执不受影响。
object-passkey = 通行密钥
verb-passkey-add = 登记通行密钥
verb-passkey-remove = 移除通行密钥
route-passkeys = 通行密钥
route-passkey = 通行密钥
route-options = 签名请求
audit-method-passkey = 通行密钥
people-passkeys-hint = 指纹请与本人通过电话等其他途径核对；核验回执时可用 --receipt-key 指定。
people-passkeys-none = 未登记
agency-passkeys = 联络员的通行密钥
agency-passkeys-none = 该单位的联络员尚未登记通行密钥，签收回执由平台代为签署，效力较弱。

# 签收
transfer-do-received-passkey = 用通行密钥签收
transfer-do-received-weaker = 用口令加动态码签收（效力较弱）
transfer-received-passkey = 您的通行密钥将对封存文件校验值、移送编号和签收声明签名。
transfer-received-weaker = 您没有通行密钥：回执凭口令加动态码由平台代为签署，效力较弱。
transfer-signed-by-passkey = 通行密钥签名。
transfer-signed-by-code = 口令加动态码（效力较弱，由平台代为签署）。
transfer-signed-by-paper = 纸质回执扫描件。
transfer-signed-key = 签收人公钥（PEM）

# 核验
verify-label-passkey = 通行密钥指纹
verify-label-strength = 签署方式
verify-strength-passkey = 通行密钥签名
verify-strength-code = 口令加动态码（效力较弱，由平台代为签署）
verify-strength-paper = 纸质回执扫描件
verify-passkey-confirmed = 通行密钥与所给的公钥或者指纹一致。
verify-passkey-unconfirmed = 通行密钥属于签收人一节只有服务器作证：请向签收单位核对指纹，并用 --receipt-key 指定。
verify-receipt-proved-passkey = 回执真实：{ $agency }于 { $time }（{ $zone }）签收本卷宗包，签收人{ $name }（账号 { $account }）以指纹为 { $passkey } 的通行密钥亲自签名，{ $issuer }的服务器附签。
verify-receipt-fault-passkey-form = receipt.json：签署方式与所载的通行密钥签名不相符，或者该签名无法读取
verify-receipt-fault-passkey-challenge = receipt.json：通行密钥所签的不是本回执所载的封存文件、移送编号、送达、声明和时间
verify-receipt-fault-passkey-origin = receipt.json：通行密钥的签名来自其他网站的页面
verify-receipt-fault-passkey-site = receipt.json：通行密钥是为其他网站签名的
verify-receipt-fault-passkey-presence = receipt.json：通行密钥签名时无人操作
verify-receipt-fault-passkey-verification = receipt.json：通行密钥签名时设备没有确认操作人身份
verify-receipt-fault-passkey-key = receipt.json：通行密钥的公钥无法读取，或者与所载算法不符
verify-receipt-fault-passkey-signature = receipt.json：通行密钥的签名无效
verify-receipt-fault-passkey-other = receipt.json：签名的通行密钥指纹为 { $found }，与所给的 { $expected } 不符
