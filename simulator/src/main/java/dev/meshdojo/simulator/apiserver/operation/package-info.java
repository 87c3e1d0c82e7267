/** The verbs: what happens to an object between request and store. */
@NullMarked
package dev.meshdojo.simulator.apiserver.operation;

import org.jspecify.annotations.NullMarked;
