/** From merged IstioOperator input to Kubernetes objects, component by component. */
@NullMarked
package dev.meshdojo.simulator.istio.render;

import org.jspecify.annotations.NullMarked;
