//! One account for every role. Passwords and second factors are new with every load and told to whoever loads it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::agencies::Agencies;
use crate::{
    directory::people::{
        Role,
        actions::{NewPerson, create_person},
        password,
        second_factor::{model::new_secret, set_up_known},
        session,
    },
    platform::{
        db::{Id, Tx},
        error::Result,
        i18n::Lang,
        keys::MasterKey,
    },
};

/// An account of the demo, as `demo-accounts.json` has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    pub role: String,
    pub username: String,
    pub password: String,
    /// Base32, as authenticator apps take it.
    pub totp_secret: String,
    /// Code of the liaison's agency.
    pub agency: Option<String>,
    #[serde(skip)]
    hash: String,
}

/// User name, shown name, roles, agency.
const PEOPLE: [(&str, &str, Role, Option<&str>); 8] = [
    ("compiler", "编制人甲", Role::Compiler, None),
    ("compiler2", "编制人乙", Role::Compiler, None),
    ("approver", "审核人甲", Role::Approver, None),
    ("manager", "管理者甲", Role::Manager, None),
    ("admin", "管理员甲", Role::Admin, None),
    ("auditor", "审计员甲", Role::Auditor, None),
    ("liaison", "联络员（广州经侦）", Role::Liaison, Some("PS-ECD-440100")),
    ("liaison2", "联络员（杭州市场监管）", Role::Liaison, Some("SAMR-330100")),
];

/// New passwords and secrets; hashing takes its time, so it is done before the transaction.
pub(super) fn invent() -> Result<Vec<Account>> {
    PEOPLE
        .iter()
        .map(|(username, _, role, agency)| {
            let password = session::new_secret()[..20].to_owned();
            Ok(Account {
                role: role.to_string(),
                username: (*username).to_owned(),
                hash: password::hash(&password)?,
                password,
                totp_secret: data_encoding::BASE32_NOPAD.encode(&new_secret()),
                agency: agency.map(str::to_owned),
            })
        })
        .collect()
}

/// Ids of the demo's people by user name.
pub(super) type People = HashMap<String, Id>;

pub(super) fn plant(
    tx: &mut Tx<'_>,
    master: &MasterKey,
    accounts: &[Account],
    agencies: &Agencies,
) -> Result<People> {
    let mut people = People::new();
    for (account, (username, name, role, agency)) in accounts.iter().zip(PEOPLE) {
        let id = create_person(
            tx,
            NewPerson {
                username: username.to_owned(),
                name: name.to_owned(),
                email: format!("{username}@demo.example"),
                roles: vec![role],
                agency_id: agency.and_then(|code| agencies.id(code)),
                locale: Lang::Zh,
                password_hash: account.hash.clone(),
                must_change: false,
                synthetic: true,
            },
        )?;
        let secret = data_encoding::BASE32_NOPAD
            .decode(account.totp_secret.as_bytes())
            .map_err(crate::platform::error::AppError::internal)?;
        set_up_known(tx, master, id, &secret)?;
        people.insert(username.to_owned(), id);
    }
    Ok(people)
}
