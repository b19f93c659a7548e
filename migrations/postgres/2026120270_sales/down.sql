DROP TABLE sales_sum;
DROP TABLE sales_total;
DROP TABLE sales_table;
