/** Reading Kubernetes JSON: fields, metadata, selectors, conditions, pods. */
@NullMarked
package dev.meshdojo.simulator.controller.object;

import org.jspecify.annotations.NullMarked;
