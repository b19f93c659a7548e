# On paper
print-head = { $organisation } · printed { $when } by { $name }
