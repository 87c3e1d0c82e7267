/** What every namespace holds: the default ServiceAccount and the cluster's CA. */
@NullMarked
package dev.meshdojo.simulator.controller.namespace;

import org.jspecify.annotations.NullMarked;
