mod migrations;
mod stamps;
mod statements;
mod upkeep;
mod walls;
