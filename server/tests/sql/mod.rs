mod migrations;
mod query;
mod stamps;
mod statements;
mod upkeep;
mod walls;
