/** Server-side tables: the columns and cells that {@code kubectl get} prints. */
@NullMarked
package dev.meshdojo.simulator.apiserver.table;

import org.jspecify.annotations.NullMarked;
