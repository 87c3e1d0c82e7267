/** The versioned object store: one revision line, persistent snapshots, event logs. */
@NullMarked
package dev.meshdojo.simulator.apiserver.storage;

import org.jspecify.annotations.NullMarked;
