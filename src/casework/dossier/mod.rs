//! Dossiers: what of a lead goes to one addressee, frozen, sealed and packed so that it can be checked offline.

pub mod facts;
