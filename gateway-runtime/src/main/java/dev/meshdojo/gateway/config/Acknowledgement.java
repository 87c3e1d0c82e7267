package dev.meshdojo.gateway.config;

import java.util.List;

/**
 * What the proxy did with a snapshot. A resource that it refuses leaves the previous resource of
 * that name in force, as Envoy's NACK does; the others are applied all the same.
 *
 * @param version the snapshot's version
 * @param rejections one entry a refused resource; empty when all was taken
 */
public record Acknowledgement(String version, List<Rejection> rejections) {

    public Acknowledgement {
        rejections = List.copyOf(rejections);
    }

    /** Whether every resource of the snapshot is in force. */
    public boolean accepted() {
        return rejections.isEmpty();
    }

    /**
     * One refused resource.
     *
     * @param typeUrl the resource's xDS type URL
     * @param resource the resource's name
     * @param reason why, in Envoy's words where Envoy has such a refusal
     */
    public record Rejection(String typeUrl, String resource, String reason) {}
}
