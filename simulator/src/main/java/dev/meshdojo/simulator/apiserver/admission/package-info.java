/** The admission plugins that every cluster has. */
@NullMarked
package dev.meshdojo.simulator.apiserver.admission;

import org.jspecify.annotations.NullMarked;
