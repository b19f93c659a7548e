//! Who and where: people, agencies, and dated reference data.

pub mod reference;

pub mod people;

pub mod agencies;
