//! Lead Handoff · 线索移送: the rooms, in the order of a lead's life. Imports go leftwards (upwards here) only.
//! (Blank lines between the modules keep rustfmt from sorting them.)

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
