//! What a row of the matrix says, and the short ways of writing one.

/// The people of the matrix; `Owner` is the compiler whose lead it is, `Liaison` the one of the agency that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Owner,
    Other,
    Approver,
    Manager,
    Admin,
    Auditor,
    Liaison,
    Elsewhere,
}
use Who::{Admin, Approver, Auditor, Elsewhere, Liaison, Manager, Other, Owner};

impl Who {
    pub const ALL: [Who; 8] = [Owner, Other, Approver, Manager, Admin, Auditor, Liaison, Elsewhere];

    pub fn username(self) -> &'static str {
        match self {
            Owner => "compiler",
            Other => "compiler2",
            Approver => "approver",
            Manager => "manager",
            Admin => "admin",
            Auditor => "auditor",
            Liaison => "liaison",
            Elsewhere => "liaison2",
        }
    }

    /// As the verbs of the program name roles.
    pub fn role(self) -> &'static str {
        match self {
            Owner | Other => "compiler",
            Liaison | Elsewhere => "liaison",
            other => other.username(),
        }
    }
}

pub type Set = &'static [Who];

/// One route: method, pattern, the objects behind its parts (and a query), the verb, who is let in, and who is let in
/// but barred by the object's state or rule (409).
#[derive(Clone, Copy)]
pub struct Row {
    pub method: &'static str,
    pub pattern: &'static str,
    pub on: &'static str,
    pub verb: &'static str,
    pub who: Set,
    pub barred: Set,
    /// The form of those who are not let in: whole, so that nothing but the rule can refuse it.
    pub form: &'static str,
    /// What everybody's form says.
    pub typed: &'static str,
    /// The act can be done once: whoever comes later is barred by its state.
    pub once: bool,
    pub public: bool,
}

pub const fn row(
    method: &'static str,
    pattern: &'static str,
    on: &'static str,
    verb: &'static str,
    who: Set,
) -> Row {
    Row { method, pattern, on, verb, who, barred: &[], form: "", typed: "", once: false, public: false }
}

pub const fn get(pattern: &'static str, on: &'static str, verb: &'static str, who: Set) -> Row {
    row("GET", pattern, on, verb, who)
}

pub const fn post(pattern: &'static str, on: &'static str, verb: &'static str, who: Set) -> Row {
    row("POST", pattern, on, verb, who)
}

pub const fn public(method: &'static str, pattern: &'static str, on: &'static str) -> Row {
    Row { public: true, ..row(method, pattern, on, "", &Who::ALL) }
}

impl Row {
    pub const fn barred(mut self, who: Set) -> Self {
        self.barred = who;
        self
    }

    pub const fn form(mut self, form: &'static str) -> Self {
        self.form = form;
        self
    }

    pub const fn typed(mut self, form: &'static str) -> Self {
        self.typed = form;
        self
    }

    pub const fn once(mut self) -> Self {
        self.once = true;
        self
    }
}
