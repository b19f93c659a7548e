verify-page-title = 验证卷宗包
verify-page-text = 卷宗包可以离线验证，不需要联网，也不需要信任本系统。请在安装了本程序的计算机上运行下面的命令。
verify-page-command = 命令
verify-page-result = 结果为“真实”时退出码为 0；内容不符时逐项列出文件和差异；完整但未提供公钥时说明由哪个指纹签名、尚未认证。
verify-page-keys = 本系统的公钥
verify-page-keys-text = 请通过卷宗包以外的途径（例如书面函件）核对公钥后再使用。将公钥逐行存为 key.txt。
