app-name = 线索移送
nav-reference = 参考数据
error-broken-upload = 传输中断，内容没有收全，请重新提交。
error-not-utf8 = 文字编码无法识别，请使用 UTF-8。
words-permitted = 可填：{ $words }
error-page-401 = 需要有效的令牌
error-page-401-text = 请在 Authorization 标头中提供有效的 API 令牌。
