/** Kubernetes' own kinds: the table of them, their defaults and their validation. */
@NullMarked
package dev.meshdojo.simulator.apiserver.builtin;

import org.jspecify.annotations.NullMarked;
