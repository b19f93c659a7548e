verify-page-title = Verify a package
verify-page-text = A package can be checked offline, with no network and no trust in this system. Run this command on a machine that has the program.
verify-page-command = Command
verify-page-result = The command says "authentic" and exits with 0; names each file and difference where something is wrong; or, without a key, says by which fingerprint the package is signed and that this is not authenticated.
verify-page-keys = Public keys of this system
verify-page-keys-text = Compare a key by another way than the package itself, such as a letter, before you use it. Save the keys line by line as key.txt.
