/** What Kubernetes demands of the objects of its built-in kinds, in its words. */
@NullMarked
package dev.meshdojo.simulator.apiserver.builtin.validation;

import org.jspecify.annotations.NullMarked;
