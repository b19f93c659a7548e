//! Between the sides.

pub mod deadline;

pub mod transfer;

pub mod delivery;

pub mod message;

pub mod extension;

pub mod remedy;

pub mod agency_case;

pub mod counted;

pub mod figure;

pub mod waiting;

pub mod desk;

pub mod leaving;
