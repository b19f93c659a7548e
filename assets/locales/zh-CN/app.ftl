app-name = 线索移送
