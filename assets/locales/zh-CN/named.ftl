# 此前没有名称或者名称笼统的事项
notice-comment-mention = 评论中提到您
transfer-items-partly = 证据清单（含 { $given } 项证据，{ $withheld } 项未提供）
transfer-paper-package-partly = 卷宗包（含 { $given } 项证据，{ $withheld } 项未提供）
dossier-none-fits = 单位名录中没有与本线索涉嫌罪名和地区相符的单位。请在下方查找，或者请管理员添加单位。
account-codes-never = 尚未生成恢复代码，请尽早生成。
account-codes-make = 生成恢复代码
conflict-lead-not-yours-title = 非本人线索
conflict-transfer-not-yours-title = 非本人线索
error-page-to-leads = 查看该线索
error-page-to-transfers = 查看该移送
error-page-to-cases = 查看该案件
error-page-to-outcomes = 查看该战果
error-page-to-dossiers = 查看该卷宗
error-page-to-approvals = 查看该审核
error-page-to-evidence = 查看该证据
story-next-evidence-alone = 下一步：上传证据。
