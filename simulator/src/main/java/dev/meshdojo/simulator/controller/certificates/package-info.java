/** cert-manager's Issuers and Certificates: real keys and certificates in Secrets. */
@NullMarked
package dev.meshdojo.simulator.controller.certificates;

import org.jspecify.annotations.NullMarked;
