/** Deployments, ReplicaSets, StatefulSets and DaemonSets. */
@NullMarked
package dev.meshdojo.simulator.controller.workload;

import org.jspecify.annotations.NullMarked;
