//! Lead Handoff · 线索移送: the rooms, in the order of a lead's life. Imports go leftwards (upwards here) only.
//! (Blank lines between the modules keep rustfmt from sorting them.)
// One step for each table: the schema says of all of them that they may stand in one statement.
#![recursion_limit = "256"]

pub mod platform;

pub mod audit;

pub mod directory;

pub mod access;

pub mod casework;

pub mod handover;

pub mod outcome;

pub mod operation;

pub mod reporting;

pub mod demo;

pub mod app;

pub mod cli;
