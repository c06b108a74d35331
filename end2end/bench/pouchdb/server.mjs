// A PouchDB server on LevelDB in the folder given; says its port when it listens.
import express from "express";
import expressPouchDB from "express-pouchdb";
import PouchDB from "pouchdb-node";

const [folder] = process.argv.slice(2);
const OnDisk = PouchDB.defaults({ prefix: `${folder}/` });
const app = express();
// Without its log, which would cost it time.
app.use("/", expressPouchDB(OnDisk, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: "/dev/null" }));
const listening = app.listen(0, "127.0.0.1", () => console.log(listening.address().port));
