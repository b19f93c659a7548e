//! The platform's side, in the order of the work.

pub mod lead;

pub mod subject;

pub mod evidence;

pub mod dossier;

pub mod approval;
