//! Sides, roles and the actor: a person as one request knows them.

use crate::platform::{
    db::{Id, Instant, Once, Origin},
    http::layout::Left,
    i18n::Lang,
    time::Manner,
    words::words,
};

words!(
    /// Which side an account stands on; nobody stands on two.
    Side {
        Platform = "platform",
        Agency = "agency",
        /// Reads everything, changes nothing; a side of its own.
        Auditor = "auditor",
    }
);

words!(
    /// What an account may do.
    Role {
        /// 编制人
        Compiler = "compiler",
        /// 审核人
        Approver = "approver",
        /// 管理者
        Manager = "manager",
        /// 管理员: sees no case content by virtue of the role.
        Admin = "admin",
        /// 审计员
        Auditor = "auditor",
        /// 联络员, of exactly one agency.
        Liaison = "liaison",
    }
);

impl Role {
    /// The only side on which the role exists.
    pub fn side(self) -> Side {
        match self {
            Role::Compiler | Role::Approver | Role::Manager | Role::Admin => Side::Platform,
            Role::Auditor => Side::Auditor,
            Role::Liaison => Side::Agency,
        }
    }

    /// Whether the role can't be used without a second factor.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Role::Approver | Role::Liaison)
    }
}

/// The agency of a liaison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyOf {
    pub id: Id,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

/// The person behind one request.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: Id,
    pub username: String,
    pub name: String,
    pub email: String,
    pub side: Side,
    pub roles: Vec<Role>,
    /// Set for the agency side, and only there.
    pub agency: Option<AgencyOf>,
    pub lang: Lang,
    /// How days and hours are written for them.
    pub manner: Manner,
    /// The session, or `None` for a token.
    pub session: Option<Id>,
    /// Scopes of the API token that was used.
    pub scopes: Option<Vec<String>>,
    /// When the second factor was last shown in this session.
    pub second_factor_at: Option<Instant>,
    /// When they last showed in this session who they are: by a code, or by the password where there is no second factor.
    pub proved_at: Option<Instant>,
    /// How long this session goes on.
    pub session_left: Option<Left>,
    /// Whether the account has a confirmed second factor.
    pub has_second_factor: bool,
    pub must_change_password: bool,
    /// Whether keys pressed alone do something on the pages.
    pub single_keys: bool,
    pub address: String,
    pub agent: String,
    /// The word of the form that this request sends.
    pub once: Option<Once>,
    /// Lists that the navigation opens by a saved filter: the address of the whole list, and the one that is opened.
    pub usual: Vec<(&'static str, String)>,
}

impl Actor {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// The agency that this actor is confined to; `None` for the platform and auditors.
    pub fn agency_id(&self) -> Option<Id> {
        self.agency.as_ref().map(|a| a.id)
    }

    /// Who a file says that it was made by: name, account and, of the agency side, the agency.
    pub fn signature(&self) -> String {
        let agency =
            self.agency.as_ref().map(|it| format!(" · {}", self.lang.pick(&it.name_zh, &it.name_en)));
        format!("{} ({}){}", self.name, self.username, agency.unwrap_or_default())
    }

    /// Whether the second factor must be set up before anything else.
    pub fn must_set_up_second_factor(&self) -> bool {
        !self.has_second_factor && self.roles.iter().any(|r| r.needs_second_factor())
    }

    /// What the audit log is told.
    pub fn origin(&self) -> Origin {
        Origin {
            kind: if self.scopes.is_some() { "token" } else { "user" },
            actor_id: Some(self.id),
            actor_name: self.id.to_string(),
            address: self.address.clone(),
            agent: self.agent.clone(),
            once: self.once,
        }
    }
}

/// An address as it is stored and compared. The letters of any script are made small here: SQLite's own `LOWER` knows
/// those of English only.
pub fn email(typed: &str) -> String {
    typed.trim().to_lowercase()
}
