mod laws;
mod merge;
