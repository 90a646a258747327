//! The examples are programs; see the folders beside this file. The quick start below is the
//! one of the README, and compiled.
#![doc = include_str!("../README.md")]
