package dev.meshdojo.desktop.traffic;

import dev.meshdojo.desktop.traffic.TrafficLayout.Position;
import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Pane;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Line;
import javafx.scene.shape.Polygon;

/** Draws the traffic model: a box for everyone, an arrow for each leg with the last status. */
public final class TrafficView extends StackPane {

    private static final double ARROW = 7;

    private final TrafficModel model;
    private final Pane canvas = new Pane();
    private final Label empty =
            new Label("No request has passed yet. Run a command that sends one.");

    public TrafficView(TrafficModel model) {
        this.model = model;
        getStyleClass().add("traffic");
        ScrollPane scroll = new ScrollPane(canvas);
        scroll.setFitToHeight(true);
        empty.getStyleClass().add("text-muted");
        getChildren().addAll(scroll, empty);
        model.revisionProperty().subscribe(this::draw);
        draw();
    }

    private void draw() {
        empty.setVisible(model.nodes().isEmpty());
        canvas.getChildren().clear();
        Map<String, Position> positions =
                TrafficLayout.positions(model.nodes(), model.legs().keySet());
        model.legs()
                .forEach(
                        (leg, state) -> {
                            Position from = positions.get(leg.from());
                            Position to = positions.get(leg.to());
                            if (from != null && to != null) {
                                drawLeg(from, to, state);
                            }
                        });
        positions.forEach((name, position) -> canvas.getChildren().add(box(name, position)));
    }

    private static Node box(String name, Position position) {
        int slash = name.indexOf('/');
        Label title = new Label(name.substring(slash + 1));
        title.getStyleClass().add("text-bold");
        VBox box = new VBox(title);
        if (slash > 0) {
            Label namespace = new Label(name.substring(0, slash));
            namespace.getStyleClass().addAll("text-small", "text-muted");
            box.getChildren().add(namespace);
        }
        box.setAlignment(Pos.CENTER);
        box.getStyleClass().add("traffic-node");
        box.setPrefSize(TrafficLayout.NODE_WIDTH, TrafficLayout.NODE_HEIGHT);
        box.relocate(position.x(), position.y());
        return box;
    }

    private void drawLeg(Position from, Position to, TrafficModel.LegState state) {
        double startX = from.x() + TrafficLayout.NODE_WIDTH;
        double startY = from.y() + TrafficLayout.NODE_HEIGHT / 2;
        double endX = to.x();
        double endY = to.y() + TrafficLayout.NODE_HEIGHT / 2;
        String style = "leg-" + statusClass(state.lastStatus());
        Line line = new Line(startX, startY, endX - ARROW, endY);
        line.getStyleClass().addAll("leg", style);
        Polygon head =
                new Polygon(
                        endX,
                        endY,
                        endX - ARROW,
                        endY - ARROW / 1.5,
                        endX - ARROW,
                        endY + ARROW / 1.5);
        head.getStyleClass().addAll("leg-head", style);
        Label status =
                new Label(
                        state.lastStatus() == 0 ? "no answer" : String.valueOf(state.lastStatus()));
        status.getStyleClass().addAll("leg-label", "text-bold", style);
        Label request = new Label(state.lastRequest() + "  ×" + state.count());
        request.getStyleClass().addAll("text-small", "text-muted");
        VBox label = new VBox(status, request);
        label.setAlignment(Pos.CENTER);
        label.setPrefWidth(endX - startX);
        label.relocate(startX, (startY + endY) / 2 - 38);
        canvas.getChildren().addAll(line, head, label);
    }

    static String statusClass(int status) {
        if (status == 0 || status >= 500) {
            return "failed";
        }
        return status >= 400 ? "refused" : "ok";
    }
}
