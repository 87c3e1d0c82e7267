/** The types of Kubernetes' built-in kinds: fields, list and patch semantics, formats, enums. */
@NullMarked
package dev.meshdojo.simulator.apiserver.model;

import org.jspecify.annotations.NullMarked;
