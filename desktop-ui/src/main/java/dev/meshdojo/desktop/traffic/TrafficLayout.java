package dev.meshdojo.desktop.traffic;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/** Places the traffic picture's boxes from left to right with ELK's layered algorithm. Pure. */
final class TrafficLayout {

    static final double NODE_WIDTH = 190;
    static final double NODE_HEIGHT = 52;
    private static final double LAYER_GAP = 120;
    private static final double NODE_GAP = 28;
    private static final double MARGIN = 16;

    static {
        // Registers how ELK copies its property types; without it reading a default fails.
        LayoutMetaDataService.getInstance();
    }

    private TrafficLayout() {}

    /** Upper left corner of a box. */
    record Position(double x, double y) {}

    static Map<String, Position> positions(Set<String> nodes, Set<TrafficModel.Leg> legs) {
        ElkNode graph = ElkGraphUtil.createGraph();
        graph.setProperty(CoreOptions.DIRECTION, Direction.RIGHT);
        graph.setProperty(CoreOptions.PADDING, new ElkPadding(MARGIN));
        graph.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, LAYER_GAP);
        graph.setProperty(LayeredOptions.SPACING_NODE_NODE, NODE_GAP);
        Map<String, ElkNode> placed = new HashMap<>();
        for (String name : nodes) {
            ElkNode node = ElkGraphUtil.createNode(graph);
            node.setDimensions(NODE_WIDTH, NODE_HEIGHT);
            placed.put(name, node);
        }
        for (TrafficModel.Leg leg : legs) {
            ElkNode from = placed.get(leg.from());
            ElkNode to = placed.get(leg.to());
            if (from != null && to != null) {
                ElkGraphUtil.createSimpleEdge(from, to);
            }
        }
        new LayeredLayoutProvider().layout(graph, new BasicProgressMonitor());
        Map<String, Position> positions = new LinkedHashMap<>();
        placed.forEach((name, node) -> positions.put(name, new Position(node.getX(), node.getY())));
        return positions;
    }
}
