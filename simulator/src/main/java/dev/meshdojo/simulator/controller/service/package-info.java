/** Services: addresses, node ports, endpoints, load balancers. */
@NullMarked
package dev.meshdojo.simulator.controller.service;

import org.jspecify.annotations.NullMarked;
