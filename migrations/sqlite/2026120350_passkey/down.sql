DROP TABLE passkey_challenge;

DROP TABLE passkey_name;

DROP TABLE passkey;
