//! A device whose pull had several pages or takes too much away, that was away too long, whose server was restored, or whose
//! base was damaged: the real store and exchange over the hub in memory.

mod recovery {
    mod damage;
    mod drain;
    mod files;
    mod fork;
    mod loss;
    mod pages;
    mod phone;
    mod reset;
    mod restore;
}
