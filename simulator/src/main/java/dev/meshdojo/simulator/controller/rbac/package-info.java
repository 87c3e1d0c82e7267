/** Default roles and bindings, and roles that collect the rules of others. */
@NullMarked
package dev.meshdojo.simulator.controller.rbac;

import org.jspecify.annotations.NullMarked;
