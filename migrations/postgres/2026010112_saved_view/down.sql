DROP TABLE usual_view;
DROP TABLE saved_view;
