package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.http.StreamRecord;

/** A compiled network filter that judges a connection. Immutable and thread-safe. */
@FunctionalInterface
interface NetworkFilter {

    /** Whether the connection may go on. When not, says why in the record's termination details. */
    boolean admit(StreamRecord record);
}
