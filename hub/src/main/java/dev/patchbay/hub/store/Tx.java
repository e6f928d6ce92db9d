package dev.patchbay.hub.store;

/** What a write works on. Only for the writer's thread. */
record Tx(Sql sql, HubState state, Tally tally, SessionIds sessionIds, NoteRoom noteRoom) {}
