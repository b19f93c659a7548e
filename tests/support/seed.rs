//! Two agencies and one account for every role: the people of the stories.

use std::collections::HashMap;

use diesel::prelude::*;
use lead_handoff::{
    casework::lead::{actions, input::Input},
    directory::people::{
        Role,
        actions::{NewPerson, create_person},
    },
    platform::{
        db::{
            Id, Origin,
            schema::{agency, agency_takes, second_factor},
        },
        i18n::Lang,
        services::Services,
    },
};

/// The password of every account here.
pub const PASSWORD: &str = "crane-lantern 7 orbit";
/// Its hash, as the program makes it: to make it for each story would take as long as the shorter ones do.
const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$7KO+1L4ie6KnJEPZ06rZmw$ZVOHQGGwyyZbM5zRN9hGDmptGYy97gJwmdoz21R956g";

/// Ids by user name and by agency code.
pub struct Seed {
    pub people: HashMap<&'static str, Id>,
    pub agencies: HashMap<&'static str, Id>,
}

/// Economic crime investigation, Guangzhou.
pub const GUANGZHOU: &str = "GZ-ECD";
/// Market regulation, Hangzhou.
pub const HANGZHOU: &str = "HZ-SAMR";

const AGENCIES: [(&str, &str, &str, &str, &str); 2] = [
    (GUANGZHOU, "广州市公安局经侦支队", "Guangzhou economic crime investigation", "PS-ECD", "440100"),
    (HANGZHOU, "杭州市市场监督管理局", "Hangzhou market regulation", "SAMR", "330100"),
];

const PEOPLE: [(&str, &str, &[Role], Option<&str>); 8] = [
    ("compiler", "编制人甲", &[Role::Compiler], None),
    ("compiler2", "编制人乙", &[Role::Compiler], None),
    ("approver", "审核人甲", &[Role::Approver], None),
    ("manager", "管理者甲", &[Role::Manager], None),
    ("admin", "管理员甲", &[Role::Admin], None),
    ("auditor", "审计员甲", &[Role::Auditor], None),
    ("liaison", "联络员甲", &[Role::Liaison], Some(GUANGZHOU)),
    ("liaison2", "联络员乙", &[Role::Liaison], Some(HANGZHOU)),
];

pub fn plant(services: &Services) -> Seed {
    let wrapped = services.master.wrap(b"0123456789abcdefghij").expect("wrapped");
    services
        .db
        .write_now(Origin::system("system:test"), |tx| {
            let now = tx.now();
            let mut agencies = HashMap::new();
            for (code, zh, en, kind, region) in AGENCIES {
                let id = Id::new();
                diesel::insert_into(agency::table)
                    .values((
                        agency::id.eq(id),
                        agency::code.eq(code),
                        agency::name_zh.eq(zh),
                        agency::name_en.eq(en),
                        agency::type_code.eq(kind),
                        agency::level.eq("prefecture"),
                        agency::region_code.eq(region),
                        agency::channel.eq("portal"),
                        agency::addressee.eq(zh),
                        agency::created_at.eq(now),
                    ))
                    .execute(tx.conn())?;
                diesel::insert_into(agency_takes::table)
                    .values((agency_takes::agency_id.eq(id), agency_takes::family.eq("trademark")))
                    .execute(tx.conn())?;
                agencies.insert(code, id);
            }
            let mut people = HashMap::new();
            for (username, name, roles, at) in PEOPLE {
                let id = create_person(
                    tx,
                    NewPerson {
                        username: username.into(),
                        name: name.into(),
                        email: format!("{username}@example.com"),
                        roles: roles.to_vec(),
                        agency_id: at.map(|code| agencies[code]),
                        locale: Lang::Zh,
                        password_hash: HASH.into(),
                        must_change: false,
                        synthetic: true,
                    },
                )?;
                diesel::insert_into(second_factor::table)
                    .values((
                        second_factor::person_id.eq(id),
                        second_factor::wrapped_secret.eq(&wrapped),
                        second_factor::confirmed_at.eq(Some(now)),
                    ))
                    .execute(tx.conn())?;
                people.insert(username, id);
            }
            Ok(Seed { people, agencies })
        })
        .expect("seed")
}

impl Seed {
    /// A draft of `owner`, complete enough to be sent.
    pub fn lead(&self, services: &Services, owner: &str) -> Id {
        self.leads(services, owner, 1).remove(0)
    }

    /// So many drafts of `owner`, each complete enough to be sent, and each with its entry.
    pub fn leads(&self, services: &Services, owner: &str, count: usize) -> Vec<Id> {
        let input = Input {
            title: "疑似销售假冒注册商标的手表".into(),
            summary: "店铺以明显低于市场的价格销售标有知名商标的手表。".into(),
            region_code: "440100".into(),
            charges: vec!["CL214".into()],
            brands: vec!["示例品牌".into()],
            ..Input::default()
        };
        let owner = self.people[owner];
        let origin = Origin {
            kind: "user",
            actor_id: Some(owner),
            actor_name: owner.to_string(),
            ..Origin::default()
        };
        let zone = services.settings.time_zone;
        services
            .db
            .write_now(origin, |tx| {
                let now = tx.now();
                let mut made = Vec::with_capacity(count);
                for _ in 0..count {
                    let lead = actions::insert(tx, owner, now, zone, &input)?;
                    lead_handoff::audit::record(tx, actions::created_entry(&lead, &input))?;
                    made.push(lead.id);
                }
                Ok(made)
            })
            .expect("leads")
    }
}
