//! An open act: who does it, in which transaction, and whether the policy lets them.

use std::{collections::HashSet, sync::Arc};

use super::{Connection, Id, Instant, Once, dialect};
use crate::platform::{
    error::{AppError, Plain, Result},
    paths,
};

/// The policy, as the log asks it: whether this account (`None`: somebody who has not shown who they are) may do what
/// the verb says. It reads the account's roles in the transaction of the act, as they stand there.
pub type Gate = Arc<dyn Fn(&mut Connection, Option<Id>, &str) -> Result<bool> + Send + Sync>;

/// Who acts and from where, as the audit log wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// `user`, `token` or `system`.
    pub kind: &'static str,
    /// The account, if one acts.
    pub actor_id: Option<Id>,
    /// `system:worker`, `system:cli`, or the account's id; never a person's name.
    pub actor_name: String,
    /// Network address or operating-system user: personal, kept beside the log, not in it.
    pub address: String,
    /// Browser or program: personal too.
    pub agent: String,
    /// The word of the form that was sent, if it had one.
    pub once: Option<Once>,
}

impl Origin {
    /// Something that the program does by itself, e.g. `system:worker`.
    pub fn system(name: &str) -> Self {
        Self { kind: "system", actor_name: name.to_owned(), ..Self::default() }
    }
}

/// An open write transaction.
pub struct Tx<'a> {
    conn: &'a mut Connection,
    now: Instant,
    origin: Origin,
    recorded: u32,
    /// The page of what the first act has made or changed.
    made: Option<String>,
    done: bool,
    /// Whether what was asked for was so already.
    as_it_was: bool,
    /// What the connection had written before ([`dialect::written`]); `None`: bookkeeping, which is told to nobody.
    written: Option<i64>,
    gate: Option<Gate>,
    /// What the gate has let pass.
    allowed: HashSet<(Option<Id>, &'static str)>,
    stamped_by: Arc<[String]>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(
        conn: &'a mut Connection,
        now: Instant,
        origin: Origin,
        gate: Option<Gate>,
        written: Option<i64>,
        stamped_by: Arc<[String]>,
    ) -> Self {
        let allowed = HashSet::new();
        Self {
            conn,
            now,
            origin,
            recorded: 0,
            made: None,
            done: false,
            as_it_was: false,
            written,
            gate,
            allowed,
            stamped_by,
        }
    }

    /// The authorities that are asked for a time stamp over whatever is registered, by their addresses.
    pub fn stamped_by(&self) -> Arc<[String]> {
        self.stamped_by.clone()
    }

    pub fn conn(&mut self) -> &mut Connection {
        self.conn
    }

    /// One instant for the whole transaction.
    pub fn now(&self) -> Instant {
        self.now
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Acts as somebody else from here on: a login becomes its account's.
    pub fn act_as(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// Called by the audit log alone: one more entry is in this transaction; whether by it something was done (not
    /// refused, not merely looked at); its objects.
    pub fn count_entry(&mut self, done: bool, objects: &[(&'static str, Id)]) {
        self.recorded += 1;
        self.done |= done;
        if done && self.made.is_none() {
            self.made = objects.iter().find_map(|(kind, id)| paths::of_object(kind, *id));
        }
    }

    /// Called by the audit log alone, instead of an entry: what was asked for is so already, and the act writes nothing, which
    /// the database is asked for at its end. It is done all the same: the form's word is used up, and what was kept of its
    /// typing goes.
    pub fn leave_as_it_is(&mut self, (kind, id): (&'static str, Id)) {
        self.as_it_was = true;
        self.done = true;
        self.made = self.made.take().or_else(|| paths::of_object(kind, id));
    }

    /// That whoever acts may do what the verb says; the program itself may. A refusal takes the whole act back.
    ///
    /// # Errors
    /// `NotFound`, as for all that one may not know of.
    pub fn require(&mut self, verb: &'static str) -> Result<()> {
        let who = self.origin.actor_id;
        if self.origin.kind == "system" || self.allowed.contains(&(who, verb)) {
            return Ok(());
        }
        if let Some(gate) = self.gate.clone()
            && !gate(&mut *self.conn, who, verb)?
        {
            tracing::error!(verb, actor = %self.origin.actor_name, "the policy stopped an act that its handler let in");
            return Err(AppError::NotFound);
        }
        self.allowed.insert((who, verb));
        Ok(())
    }

    /// That the log was told, or that there is nothing to tell: who says so is believed where nothing was written.
    fn require_told(&mut self) -> Result<()> {
        let Some(before) = self.written else { return Ok(()) };
        let is_told = self.recorded > 0 || (self.as_it_was && !dialect::has_written(self.conn, before)?);
        if is_told {
            Ok(())
        } else {
            Err(AppError::internal(Plain("a change without its audit entry".into())))
        }
    }

    /// Acts, unless an earlier request with the form's word has acted; a refusal does not use the word up.
    ///
    /// # Errors
    /// Those of `f`; `Elsewhere` for a word that was used; `Internal` for a change that the log was not told of.
    pub(super) fn acted_once<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let once = self.once();
        if let Some((once, actor)) = once {
            once.refuse_used(self.conn, actor)?;
        }
        let value = f(self)?;
        // Before the word is kept: that is written in any case.
        self.require_told()?;
        if let Some((once, actor)) = once.filter(|_| self.done) {
            once.keep(self.conn, actor, self.now, self.made.as_deref())?;
        }
        Ok(value)
    }

    /// The form's word and whose it is.
    fn once(&self) -> Option<(Once, Id)> {
        self.origin.once.zip(self.origin.actor_id)
    }
}
