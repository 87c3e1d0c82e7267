/**
 * CustomResourceDefinitions: structural schemas that prune, default and validate in
 * kube-apiserver's words, with CEL rules. Source: Kubernetes documentation, "Extend the Kubernetes
 * API with CustomResourceDefinitions".
 */
@NullMarked
package dev.meshdojo.simulator.apiserver.schema;

import org.jspecify.annotations.NullMarked;
