/** Exec, attach, port-forward and logs: the protocols, and the kubelet interface behind them. */
@NullMarked
package dev.meshdojo.simulator.apiserver.stream;

import org.jspecify.annotations.NullMarked;
