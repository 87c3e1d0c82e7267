/**
 * ValidatingAdmissionPolicies: CEL that refuses writes. Source: Kubernetes documentation,
 * "Validating Admission Policy".
 */
@NullMarked
package dev.meshdojo.simulator.apiserver.policy;

import org.jspecify.annotations.NullMarked;
